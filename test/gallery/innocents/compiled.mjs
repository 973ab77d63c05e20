// Functions compiled at run time, a new one for one request in ten: what a collection takes back.

export function evaluate(id) {
  if (id % 10 !== 0) return 0;
  return new Function('x', `return x.a${id % 40} + ${id}`)({ [`a${id % 40}`]: id });
}
