import { call } from './call.ts';

export interface UserContext {
  readonly name: string;
  readonly realName: string;
  readonly roles: readonly string[];
  readonly capabilities: ReadonlySet<string>;
  /** The user's time zone, where one is set. */
  readonly timeZone: string | undefined;
}

interface ContextReply {
  readonly entry: readonly {
    readonly content: {
      readonly username: string;
      readonly realname?: string;
      readonly roles?: readonly string[];
      readonly capabilities?: readonly string[];
      readonly tz?: string;
    };
  }[];
}

/** Who is signed in and what they may do. What a page hides by this, the server checks again. */
export async function readContext(signal?: AbortSignal): Promise<UserContext> {
  const reply = await call<ContextReply>('authentication/current-context', signal ? { signal } : {});
  const { username, realname, roles, capabilities, tz } = reply.entry[0].content;
  return {
    name: username,
    realName: realname || username,
    roles: roles ?? [],
    capabilities: new Set(capabilities ?? []),
    timeZone: tz || undefined,
  };
}
