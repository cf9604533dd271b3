import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder, serverUser } from "./postgres-binaries.js";
import { type PostgresServer, startPostgresServer } from "./postgres-server.js";
import { selfSignedCertificate } from "./self-signed-certificate.js";

export interface TlsServer extends PostgresServer {
  /** Whom to trust, as PEM, and the file that says so. */
  readonly ca: string;
  readonly caFile: string;
}

/** A Postgres of its own that offers TLS, with a certificate for `localhost` and 127.0.0.1. */
export async function startTlsServer(): Promise<TlsServer> {
  const user = await serverUser();
  const folder = await mkdtemp(join(tmpdir(), "usecase-tls-"));
  await makeFolder(folder, user);
  const { certificate, key } = selfSignedCertificate();
  const [caFile, keyFile] = [join(folder, "server.crt"), join(folder, "server.key")];
  await writeFile(caFile, certificate);
  await writeFile(keyFile, key, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) await chown(keyFile, user.uid, user.gid);
  const server = await startPostgresServer({ ssl: "on", ssl_cert_file: caFile, ssl_key_file: keyFile });
  return {
    ...server,
    ca: certificate,
    caFile,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
