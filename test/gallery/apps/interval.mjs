// Every request starts a clock of its own and stops none.

export function keepAlive() {
  setInterval(() => 0, 3_600_000);
}
