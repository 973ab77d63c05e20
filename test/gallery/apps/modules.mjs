// A module for every request: what was imported once stays for as long as the process.

export async function load(id) {
  await import(`data:text/javascript,export default ${id}`);
}
