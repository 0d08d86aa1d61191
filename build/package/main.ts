/** `npm run package`: writes dist/kepler-<version>.spl from what is built. */
import { makePackage } from './make.ts';

const { path, bytes, sha256, files } = await makePackage();
console.log(`${path}: ${(bytes / 1e6).toFixed(1)} MB, ${files} files, sha256 ${sha256}`);
