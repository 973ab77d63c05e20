// What went wrong first. `using` wraps an error in a SuppressedError when cleaning up after it
// fails as well, often for the same reason; the record should name the cause, not the clean-up.
// Source: tc39.es/proposal-explicit-resource-management (DisposeResources).

export function firstError(error: unknown): unknown {
  return error instanceof SuppressedError ? firstError(error.suppressed) : error;
}
