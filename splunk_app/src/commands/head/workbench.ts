import { tableOf } from '../../../../container/contract/catalogue/rows.ts';
import { WORKBENCH_FIELDS } from '../../../../container/contract/catalogue/verbs.ts';
import { KeplerError } from '../../../../container/contract/errors.ts';
import type { WorkbenchLink, WorkbenchLinkRequest } from '../../../../container/contract/workbench.ts';
import { PATHS } from '../../../../container/contract/wire.ts';
import { readKeplerConf } from '../../bridge/containers/runtime-specs.ts';
import type { Answer, Head, Question } from './head.ts';

/** A link into a runtime's workbench, at the address where browsers reach it. */
export async function workbench(head: Head, { name = 'main' }: Question): Promise<Answer> {
  const publicUrl = readKeplerConf(head.splunkHome).get(`runtime:${name}`)?.get('public_url') || undefined;
  if (publicUrl !== undefined && !/^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/.test(publicUrl)) {
    throw new KeplerError(
      'configuration',
      `public_url = ${publicUrl} in kepler.conf [runtime:${name}] is no address that a browser can open: write https://<host>[:<port>].`,
    );
  }
  const request: WorkbenchLinkRequest = publicUrl === undefined ? {} : { publicUrl };
  const link = await head
    .runtime(name)
    .ask<WorkbenchLink>('POST', PATHS.workbench, request, { repeatable: false });
  const about = link.local
    ? 'opens in a browser on the machine that the runtime runs on; for others set public_url in kepler.conf'
    : '';
  const row = { url: link.url, expires: link.expires, runtime: name, user: head.session.search.user, about };
  return {
    changes: [{ object: `workbench ${name}`, change: 'link', before: null, after: null }],
    table: tableOf(WORKBENCH_FIELDS, [row]),
  };
}
