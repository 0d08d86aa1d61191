/**
 * The variables that DSDL hands its containers, understood as Kepler's own, so that the image runs under DSDL's container
 * management. Those of HEC are read where telemetry's settings are; what Kepler's own variables say wins.
 */
type Environment = Readonly<Record<string, string | undefined>>;

/** @param problems Takes a sentence for each of DSDL's variables that is wrong. */
export function withDsdlVariables(environment: Environment, problems: string[]): Environment {
  const value = (name: string) => environment[name]?.trim() || undefined;
  const found: Record<string, string | undefined> = {};
  const token = value('api_token');
  if (token !== undefined && value('KEPLER_DSDL_TOKEN_FILE') === undefined) {
    found.KEPLER_DSDL_TOKEN = token;
    // As there: anything but false means https.
    if (value('ENABLE_HTTPS')?.toLowerCase() === 'false') found.KEPLER_DSDL_LISTEN = 'http://0.0.0.0:5000';
  }
  const workers = value('api_workers');
  if (workers !== undefined) {
    if (/^[1-9]\d{0,3}$/.test(workers)) found.KEPLER_APPLY_WORKERS = workers;
    else problems.push(`api_workers must be a whole number of at least 1, not "${workers}".`);
  }
  if (value('MODE_DEV_PROD')?.toUpperCase() === 'DEV') found.KEPLER_MODE = 'dev';
  return { ...found, ...withoutEmpty(environment) };
}

/** A variable that is set to nothing says nothing. */
function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim()));
}
