/** The values at some places, in their order. */
export function gather(values: Float64Array, places: ArrayLike<number>): Float64Array {
  const gathered = new Float64Array(places.length);
  for (let n = 0; n < gathered.length; n++) gathered[n] = values[places[n]];
  return gathered;
}
