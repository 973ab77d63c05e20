// Spread over eight lists of one Map: no single list holds most of it.

const byTenant = new Map();

export function file(id) {
  const tenant = id % 8;
  const list = byTenant.get(tenant) ?? [];
  list.push({ id, trace: new Array(256).fill(id) });
  byTenant.set(tenant, list);
}
