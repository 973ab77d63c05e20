// The metadata server of a virtual machine, as far as default credentials need it: tokens and
// identity of its service account, project and universe. Source: "View and query VM metadata" and
// "VM metadata keys" (Compute Engine).

import { type PlainAnswer, plainJson, plainText } from '../plain-answer.ts';
import { headerOf, type SignedRequest, splitTarget } from '../signed-request.ts';
import { cloudPlatform } from './access-token.ts';
import { firstAccount } from './directory.ts';
import { identityToken } from './identity-token.ts';
import { type GoogleParts, issueToken } from './oauth.ts';

const prefix = '/computeMetadata/v1/';
const flavor = { 'Metadata-Flavor': 'Google', Server: 'Metadata Server for VM' };
const zone = 'us-central1-a';
const instanceId = '1234567890123456789';

/** Clients look at the root first, to learn whether there is a metadata server. */
export function isMetadataRequest(request: SignedRequest, path: string): boolean {
  if (path === '/computeMetadata' || path.startsWith('/computeMetadata/')) return true;
  return path === '/' && request.method === 'GET' && isFlavored(request);
}

export function answerMetadata(
  request: SignedRequest,
  parts: GoogleParts,
  nonce: string,
): PlainAnswer {
  const answer = unmarked(request, parts, nonce);
  return { ...answer, headers: { ...answer.headers, ...flavor } };
}

function unmarked(request: SignedRequest, parts: GoogleParts, nonce: string): PlainAnswer {
  const { path, query } = splitTarget(request.target);
  if (request.method !== 'GET') return plainText(405, '');
  // Who asks without the header may have been tricked into asking, and a proxy hands tokens on.
  if (!isFlavored(request)) return html(403, 'Missing Metadata-Flavor:Google header.');
  if (headerOf(request, 'x-forwarded-for') !== undefined) return html(403, 'Forbidden');
  if (!path.startsWith(prefix))
    return plainText(200, path === '/' ? 'computeMetadata/\n' : 'v1/\n');
  const { directory } = parts;
  const account = firstAccount(directory).name;
  const wanted = path.slice(prefix.length).replace(`/${account}`, '/default').replace(/\/$/, '');
  return metadataOf(wanted, new URLSearchParams(query), parts, nonce) ?? html(404, 'Not Found');
}

function metadataOf(
  wanted: string,
  query: URLSearchParams,
  parts: GoogleParts,
  nonce: string,
): PlainAnswer | undefined {
  const { directory, key, now } = parts;
  const email = firstAccount(directory).name;
  const scopes = [cloudPlatform, 'https://www.googleapis.com/auth/userinfo.email'];
  const about = { aliases: ['default'], email, scopes };
  const account = 'instance/service-accounts/default';
  switch (wanted) {
    case `${account}/token`: {
      const scope = query.get('scopes')?.replaceAll(',', ' ') || scopes.join(' ');
      return plainJson(200, issueToken(parts, { name: email, scope }, nonce));
    }
    case `${account}/identity`: {
      const audience = query.get('audience');
      if (!audience) return html(400, 'non-empty audience parameter required');
      return text(identityToken({ email, audience }, key(), now()));
    }
    case account:
      return query.get('recursive')?.toLowerCase() === 'true'
        ? plainJson(200, about)
        : text('aliases\nemail\nidentity\nscopes\ntoken\n');
    case 'instance/service-accounts':
      return query.get('recursive')?.toLowerCase() === 'true'
        ? plainJson(200, { default: about, [email]: about })
        : text(`default/\n${email}/\n`);
    case `${account}/email`:
      return text(email);
    case `${account}/scopes`:
      return text(`${scopes.join('\n')}\n`);
    case `${account}/aliases`:
      return text('default\n');
    default:
      return placeOf(wanted, directory.project, directory.projectNumber);
  }
}

/** Where the machine is and whose. */
function placeOf(wanted: string, project: string, number: string): PlainAnswer | undefined {
  const values: Readonly<Record<string, string>> = {
    '': 'instance/\nproject/\nuniverse/\n',
    instance: 'id\nservice-accounts/\nzone\n',
    'instance/id': instanceId,
    'instance/zone': `projects/${number}/zones/${zone}`,
    project: 'numeric-project-id\nproject-id\n',
    'project/project-id': project,
    'project/numeric-project-id': number,
    'universe/universe-domain': 'googleapis.com',
  };
  const value = Object.hasOwn(values, wanted) ? values[wanted] : undefined;
  return value === undefined ? undefined : text(value);
}

function isFlavored(request: SignedRequest): boolean {
  return headerOf(request, 'metadata-flavor') === 'Google';
}

function text(value: string): PlainAnswer {
  return { ...plainText(200, value), headers: { 'Content-Type': 'application/text' } };
}

function html(status: number, title: string): PlainAnswer {
  const body = `<!DOCTYPE html>\n<html lang=en>\n<title>Error ${status}</title>\n<p>${title}\n`;
  return { ...plainText(status, body), headers: { 'Content-Type': 'text/html; charset=UTF-8' } };
}
