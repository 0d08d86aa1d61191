import { setFlagsFromString } from 'node:v8';

/** Sets V8 up for a service that takes rows in bursts. To be called before any worker starts: the flags hold for all threads. */
export function letHeapGrow(): void {
  // Node hands the body of a request over in buffers of 64 KB outside the heap; V8 counts them as growth, so that with a small
  // heap it marks all of it every 15 MB of rows: a quarter of the time of an apply of a million rows. With this the heap may grow
  // to four times what is alive. Beyond 64 MB of such buffers V8 collects in any case.
  setFlagsFromString('--heap-growing-percent=300');
  // Code that lay unused for some collections is dropped, and an idle runtime goes on collecting: the first search after a pause
  // compiled everything anew, up to a tenth of its processor time. The code kept is a few MB.
  setFlagsFromString('--no-flush-bytecode');
}
