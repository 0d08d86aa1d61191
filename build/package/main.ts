/**
 * `npm run package`: writes dist/kepler-<version>.spl from what is built.
 * `npm run package -- --before-10.4`: the same for Splunk before 10.4, dist/kepler-<version>-before-10.4.spl.
 */
import { parseArgs } from 'node:util';
import { makePackage } from './make.ts';

const { values } = parseArgs({ options: { 'before-10.4': { type: 'boolean', default: false } } });
const { path, bytes, sha256, files } = await makePackage(values['before-10.4'] ? 'before-10.4' : '10.4');
console.log(`${path}: ${(bytes / 1e6).toFixed(1)} MB, ${files} files, sha256 ${sha256}`);
