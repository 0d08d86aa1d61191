/** What a runtime's image and its container agree on: who it runs as, and where things lie in it. */
export const LAYOUT = {
  uid: 1001,
  gid: 0,
  /** KEPLER_HOME: models, spools, runtime.json. A named volume. */
  home: '/var/lib/kepler',
  /** What the search head hands over. A volume that the container can only read. */
  handover: '/etc/kepler',
  trustedKeys: 'keys',
  certificate: 'tls/cert.pem',
  certificateKey: 'tls/key.pem',
  secrets: 'secrets',
  port: 8443,
} as const;
