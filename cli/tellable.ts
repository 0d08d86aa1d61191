import { RuntimeStartError } from '../sandbox/runtime/supervisor.ts';
import { InstallError } from '../sandbox/splunkd/install.ts';

const NOT_WRITABLE = ['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM'];

/** What to tell of a failure that is not Kepler's; undefined where it is one, whose stack should be seen. */
export function tellable(error: unknown, state: string): string | undefined {
  if (error instanceof RuntimeStartError || error instanceof InstallError) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || !NOT_WRITABLE.includes(code)) return undefined;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return `The folder of the sandbox, ${state}, cannot be written (${code}${path ? ` at ${path}` : ''}). ${full ? 'Free space there' : 'Let your user write it'}, or set KEPLER_STATE to another folder.`;
}
