// Attributes a sampling heap profile to the application. JSON parsers, buffers and libraries own
// most of what is retained, so bytes go to the innermost frame that is the application's own: the
// function that asked for them. What the inspector allocates on top of whatever function it
// interrupted is nobody's. Pure; the profile comes from heap-profile.ts.

import { type SourcePlaces, sourcePlaces } from './source-places.ts';

/** A node of HeapProfiler.SamplingHeapProfile; line numbers count from zero. */
export interface ProfileNode {
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber?: number;
  };
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

export interface AllocationSite {
  readonly name: string;
  /** Relative to the application's folder. */
  readonly file: string;
  /** Where the function begins, counted from 1. */
  readonly line: number;
  readonly bytes: number;
}

/** Functions that leakbed put into the target begin so. */
const injectedName = /^leakbed[A-Z]/;

/**
 * Sites by bytes, most first, with the application's own before those of libraries: where a library
 * keeps the bytes, what the application keeps beside them leads to the call that it made. Own sites
 * with less than `leastOwnBytes` stand where their bytes put them. What no frame explains is not
 * listed.
 */
export function attributeAllocations(
  head: ProfileNode,
  root: string,
  leastOwnBytes = 0,
): AllocationSite[] {
  const places = sourcePlaces(root);
  const sites = new Map<string, Weighed>();
  // An explicit stack: profiles of recursive code are deeper than one would recurse over.
  const open: { node: ProfileNode; site: Omit<AllocationSite, 'bytes'> | null; own: boolean }[] = [
    { node: head, site: null, own: false },
  ];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node } = entry;
    const { url, functionName } = node.callFrame;
    if (url === '' && injectedName.test(functionName)) continue;
    const place = placeOf(node, places);
    // Without an application frame, the innermost library or Node frame has to do.
    const isBetter = place !== null && (place.own || !entry.own);
    const site = isBetter ? place.site : entry.site;
    const own = entry.own || place?.own === true;
    if (site !== null && node.selfSize > 0) add(sites, site, node.selfSize, own);
    for (const child of node.children) open.push({ node: child, site, own });
  }
  const isFirst = ({ own, site }: Weighed) => own && site.bytes >= leastOwnBytes;
  return [...sites.values()]
    .sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)) || b.site.bytes - a.site.bytes)
    .map(({ site }) => site);
}

interface Weighed {
  readonly site: AllocationSite;
  readonly own: boolean;
}

function add(
  sites: Map<string, Weighed>,
  site: Omit<AllocationSite, 'bytes'>,
  more: number,
  own: boolean,
): void {
  const key = `${site.file}:${site.line}:${site.name}`;
  const bytes = more + (sites.get(key)?.site.bytes ?? 0);
  sites.set(key, { site: { ...site, bytes }, own });
}

function placeOf(
  { callFrame }: ProfileNode,
  places: SourcePlaces,
): { site: Omit<AllocationSite, 'bytes'>; own: boolean } | null {
  const { functionName, url, lineNumber, columnNumber = 0 } = callFrame;
  // V8's own pseudo frames, "(root)" and "(V8 API)" among them, and evaluated text have no file.
  if (url === '') return null;
  const name = functionName === '' ? '(anonymous)' : functionName;
  const { file, line, isOwn } = places.of(url, lineNumber, columnNumber);
  return { site: { name, file, line }, own: isOwn };
}
