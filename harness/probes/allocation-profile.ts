// Attributes a sampling heap profile to the application. JSON parsers, buffers and libraries own
// most of what is retained, so bytes go to the innermost frame that is the application's own: the
// function that asked for them. Pure; the profile comes from heap-profile.ts.

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

/** Sites by bytes, most first. What no frame explains is not listed. */
export function attributeAllocations(head: ProfileNode, root: string): AllocationSite[] {
  const places = sourcePlaces(root);
  const sites = new Map<string, AllocationSite>();
  // An explicit stack: profiles of recursive code are deeper than one would recurse over.
  const open: { node: ProfileNode; site: Omit<AllocationSite, 'bytes'> | null; own: boolean }[] = [
    { node: head, site: null, own: false },
  ];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { node } = entry;
    const place = placeOf(node, places);
    // Without an application frame, the innermost library or Node frame has to do.
    const isBetter = place !== null && (place.own || !entry.own);
    const site = isBetter ? place.site : entry.site;
    const own = entry.own || place?.own === true;
    if (site !== null && node.selfSize > 0) add(sites, site, node.selfSize);
    for (const child of node.children) open.push({ node: child, site, own });
  }
  return [...sites.values()].sort((a, b) => b.bytes - a.bytes);
}

function add(
  sites: Map<string, AllocationSite>,
  site: Omit<AllocationSite, 'bytes'>,
  bytes: number,
): void {
  const key = `${site.file}:${site.line}:${site.name}`;
  sites.set(key, { ...site, bytes: bytes + (sites.get(key)?.bytes ?? 0) });
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
