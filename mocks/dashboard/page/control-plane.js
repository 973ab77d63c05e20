// Speaks to the control plane that served the page, with the token where one is needed. The token
// stays in this tab.

const kept = 'leakbed-token';

export const token = {
  get value() {
    return sessionStorage.getItem(kept) ?? '';
  },
  set value(text) {
    sessionStorage.setItem(kept, text);
  },
};

/** Throws with the sentences of the server; of a plan these are all its problems. */
export async function call(method, path, body) {
  const answer = await ask(method, path, body);
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const { error, problems = [] } = await answer.json().catch(() => ({}));
  throw new Error(problems.join(' ') || error || `The fakes answered ${answer.status}.`);
}

/** Whether what is kept as a token opens the control plane; throws when nobody answers. */
export async function isOpen() {
  return (await ask('GET', 'health')).status !== 401;
}

async function ask(method, path, body) {
  const headers = {
    ...(token.value !== '' && { authorization: `Bearer ${token.value}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  try {
    return await fetch(path, {
      method,
      headers,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Error('Cannot reach the fake providers: have they ended?');
  }
}
