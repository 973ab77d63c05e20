// Says why a file could not be written in words a user can act on, the system's code with them.
// Codes: errno(3).

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'something that is not a folder is in its place',
  EMFILE: 'too many open files',
};

/** The reason for a sentence that starts with "Cannot write …: ". */
export function fileErrorReason(error: unknown): string {
  const code = errorCode(error);
  const reason = code === null ? undefined : reasons[code];
  if (reason !== undefined) return `${reason} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error ? String(error.code) : null;
}
