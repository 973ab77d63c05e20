// X.509 version 3 certificates (RFC 5280) over P-256 keys, of two kinds only: a CA and a server's.
// Node's crypto reads certificates but cannot make them; the libraries that can are either untyped
// or bring twenty packages for these hundred lines.

import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import * as asn1 from './der.ts';

export interface Certificate {
  readonly pem: string;
  readonly privateKey: KeyObject;
}

export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

export interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A CA that may sign servers' certificates but no other CA. */
export function createCaCertificate(name: string, validity: Validity): Certificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = { name, ...keys };
  const noPath = asn1.integer(Buffer.from([0]));
  return issue(issuer, name, keys, validity, [
    critical('2.5.29.19', asn1.sequence(asn1.booleanTrue, noPath)),
    // keyCertSign (bit 5) and cRLSign (bit 6).
    critical('2.5.29.15', asn1.bitString(Buffer.from([0b0000_0110]), 1)),
  ]);
}

/** A server's certificate for DNS names and IP addresses. */
export function createServerCertificate(
  issuer: Issuer,
  hosts: readonly string[],
  validity: Validity,
): Certificate {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return issue(issuer, 'leakbed', keys, validity, [
    critical('2.5.29.19', asn1.sequence()),
    // digitalSignature (bit 0), all that ECDHE needs.
    critical('2.5.29.15', asn1.bitString(Buffer.from([0b1000_0000]), 7)),
    extension('2.5.29.37', asn1.sequence(asn1.objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', asn1.sequence(...hosts.map(alternativeName))),
  ]);
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

function issue(
  issuer: Issuer,
  subject: string,
  keys: KeyPair,
  validity: Validity,
  extensions: readonly Buffer[],
): Certificate {
  const ecdsaWithSha256 = asn1.sequence(asn1.objectId('1.2.840.10045.4.3.2'));
  const authority = asn1.sequence(asn1.implicit(0, keyId(issuer.publicKey)));
  const tbs = asn1.sequence(
    asn1.explicit(0, asn1.integer(Buffer.from([2]))),
    asn1.integer(serialNumber()),
    ecdsaWithSha256,
    commonName(issuer.name),
    asn1.sequence(asn1.time(validity.from), asn1.time(validity.to)),
    commonName(subject),
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    asn1.explicit(
      3,
      asn1.sequence(
        ...extensions,
        extension('2.5.29.14', asn1.octetString(keyId(keys.publicKey))),
        extension('2.5.29.35', authority),
      ),
    ),
  );
  const signature = sign('sha256', tbs, issuer.privateKey);
  const bytes = asn1.sequence(tbs, ecdsaWithSha256, asn1.bitString(signature));
  return { pem: pemOf(bytes), privateKey: keys.privateKey };
}

/** 127 random bits: positive, and unique without a counter on disk. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x7f) | 0x40, 0);
  return bytes;
}

/** RFC 5280 section 4.2.1.2, method 1; an uncompressed P-256 point is the last 65 bytes. */
function keyId(publicKey: KeyObject): Buffer {
  const point = publicKey.export({ type: 'spki', format: 'der' }).subarray(-65);
  return createHash('sha1').update(point).digest();
}

function commonName(name: string): Buffer {
  const attribute = asn1.sequence(asn1.objectId('2.5.4.3'), asn1.utf8String(name));
  return asn1.sequence(asn1.setOf(attribute));
}

function extension(id: string, value: Buffer): Buffer {
  return asn1.sequence(asn1.objectId(id), asn1.octetString(value));
}

function critical(id: string, value: Buffer): Buffer {
  return asn1.sequence(asn1.objectId(id), asn1.booleanTrue, asn1.octetString(value));
}

/** GeneralName: iPAddress [7] or dNSName [2]. */
function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return asn1.implicit(7, Buffer.from(host.split('.').map(Number)));
  if (isIPv6(host)) return asn1.implicit(7, ipv6Bytes(host));
  return asn1.implicit(2, Buffer.from(host, 'ascii'));
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes the address out in its one canonical form, without dotted parts.
  const canonical = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...before, ...zeros, ...after].forEach((group, index) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  });
  return bytes;
}

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
