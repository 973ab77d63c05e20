// A symbol in the registry for every request: the registry of the whole process forgets none.

export function nameContext(id) {
  for (let part = 0; part < 4; part++) Symbol.for(`context of request ${id}, part ${part}`);
}
