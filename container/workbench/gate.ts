/** What stands before everything of the workbench: headers that keep others out, the session, and where a change comes from. */
import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { KeplerError } from '../contract/errors.ts';
import type { Session, Sessions } from './sessions.ts';

/** A header that no form and no other site's script can send without being asked first. */
export const OWN_HEADER = 'x-kepler-workbench';

declare module 'express-serve-static-core' {
  interface Locals {
    /** Of the page's scripts and styles; new with each answer. */
    nonce: string;
    /** Set behind `needsSession`. */
    session: Session;
  }
}

/** Nothing from elsewhere is loaded, nobody frames the page, and what is answered is kept by no cache. */
export function guard(_request: Request, response: Response, next: NextFunction): void {
  const nonce = randomBytes(16).toString('base64');
  response.locals.nonce = nonce;
  response.set({
    'content-security-policy': [
      "default-src 'none'",
      `script-src 'self' 'nonce-${nonce}'`,
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
  next();
}

/** Lets in whoever has a session. @throws KeplerError unauthenticated, token_expired */
export function needsSession(sessions: Sessions) {
  return (request: Request, response: Response, next: NextFunction): void => {
    response.locals.session = sessions.find(request.headers.cookie);
    next();
  };
}

/**
 * Every call of the page carries a header of its own, and where a browser says where the call comes from, it is the address that
 * the link was made for: a page of another site, or of the same host under another name, gets nothing.
 * @throws KeplerError forbidden
 */
export function fromOwnPage(request: Request, response: Response, next: NextFunction): void {
  const { origin } = request.headers;
  const { session } = response.locals;
  const site = request.headers['sec-fetch-site'];
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (origin !== undefined ? origin !== session.origin : site !== undefined && site !== 'same-origin')
    throw foreign(session.origin);
  // A browser names where a change comes from; what names nothing must at least send the header.
  if (!reads && request.headers[OWN_HEADER] !== '1') throw foreign(session.origin);
  next();
}

function foreign(own: string): KeplerError {
  return new KeplerError(
    'forbidden',
    `This request does not come from the workbench's own page at ${own}. Open the workbench by its link there.`,
  );
}
