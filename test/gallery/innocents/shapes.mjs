// Objects of 60 shapes through the same few functions: code and its feedback settle for a while.

const sum = (object) => Object.values(object).reduce((total, value) => total + value, 0);
const pick = (object, name) => object[name];

export function mixed(id) {
  const object = {};
  for (let at = 0; at <= id % 60; at++) object[`field${at}`] = at;
  return sum(object) + pick(object, `field${id % 7}`);
}
