// The address of the Live API. Clients write it in several ways: @google/genai puts two slashes in
// front, and a gateway may put a path of its own before it.

const path =
  /^(?:\/[^?]*)?\/+ws\/+google\.cloud\.aiplatform\.(v1|v1beta1)\.LlmBidiService\/+BidiGenerateContent\/?(?:\?|$)/;

export function isLivePath(url: string): boolean {
  return path.test(url);
}
