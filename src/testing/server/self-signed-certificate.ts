import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A certificate for `localhost` and 127.0.0.1 that vouches for itself, and its key: both as PEM, and of no use elsewhere. */
export interface SelfSigned {
  readonly certificate: string;
  readonly key: string;
}

/** Written by hand in the encoding that certificates have (X.509 in DER), since Node makes keys and signatures, but no certificates. */
export function selfSignedCertificate(): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(ecdsaWithSha256);
  const name = sequence(set(sequence(commonName, der(0x0c, Buffer.from("localhost")))));
  const day = 86_400_000;
  const validity = sequence(time(Date.now() - day), time(Date.now() + day));
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.of(127, 0, 0, 1)));
  const extensions = sequence(
    sequence(basicConstraints, der(0x01, Buffer.of(0xff)), octets(sequence(der(0x01, Buffer.of(0xff))))),
    sequence(subjectAltName, octets(names)),
  );
  const body = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(1), randomBytes(15)])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign("sha256", body, privateKey)]));
  const text = sequence(body, algorithm, signature).toString("base64").replaceAll(/.{64}/g, "$&\n");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** Tag, length, content. */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const set = (...parts: readonly Buffer[]) => der(0x31, ...parts);
const octets = (content: Buffer) => der(0x04, content);
const integer = (bytes: Buffer) => der(0x02, bytes);
const time = (at: number) => der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, "").slice(2, 14)}Z`));
const objectId = (...bytes: readonly number[]) => der(0x06, Buffer.of(...bytes));

/** 1.2.840.10045.4.3.2 */
const ecdsaWithSha256 = objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);
/** 2.5.4.3 */
const commonName = objectId(0x55, 0x04, 0x03);
/** 2.5.29.19 */
const basicConstraints = objectId(0x55, 0x1d, 0x13);
/** 2.5.29.17 */
const subjectAltName = objectId(0x55, 0x1d, 0x11);
