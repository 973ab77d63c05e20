// Requests leave nothing behind. A poller keeps each state that it has seen, ten times a second.

const states = [];

setInterval(() => states.push(new Array(2_048).fill(states.length)), 100);

export function answer(id) {
  return id + states.length;
}
