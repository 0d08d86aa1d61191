/**
 * The one executable behind every search command: `kepler <command>`, started by splunkd, speaks the chunked protocol on
 * standard input and output. The same argument position as a single executable and as a bundle under an installed Node.
 * As `kepler kepler_watch`, or by a link of that name, it is the modular input.
 */
import { runProgram } from './program.ts';

runProgram();
