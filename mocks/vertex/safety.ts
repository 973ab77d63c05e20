// What Gemini says when a filter stops it: ratings of an answer, feedback on a prompt.
// Source: google/cloud/aiplatform/v1/content.proto (SafetyRating, PromptFeedback).

const categories = [
  'HARM_CATEGORY_HATE_SPEECH',
  'HARM_CATEGORY_DANGEROUS_CONTENT',
  'HARM_CATEGORY_HARASSMENT',
  'HARM_CATEGORY_SEXUALLY_EXPLICIT',
];

/** Scores are single precision on the wire, so these are such numbers. */
const harmless = {
  probability: 'NEGLIGIBLE',
  probabilityScore: 0.0625,
  severity: 'HARM_SEVERITY_NEGLIGIBLE',
  severityScore: 0.03125,
};
const harmful = {
  probability: 'HIGH',
  probabilityScore: 0.9375,
  severity: 'HARM_SEVERITY_HIGH',
  severityScore: 0.875,
  blocked: true,
};

/** One rating per category; the second one blocks. */
export function safetyRatings(isBlocked: boolean): readonly object[] {
  return categories.map((category, index) => ({
    category,
    ...(isBlocked && index === 1 ? harmful : harmless),
  }));
}

export const blockedFeedback = {
  blockReason: 'MODEL_ARMOR',
  blockReasonMessage:
    'Blocked by Floor Setting. The prompt violated Responsible AI Safety settings.',
  safetyRatings: safetyRatings(true),
};
