// A history of the event loop, one entry a quarter of a second: lost among the requests of a busy
// process, and all there is to see in one at rest.

const history = [];

setInterval(() => history.push(new Array(128).fill(history.length)), 250);

export function answer(id) {
  return id + history.length;
}
