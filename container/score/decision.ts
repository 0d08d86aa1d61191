export function decisionField(alpha: number): string {
  return `Test decision (alpha=${alpha})`;
}

/** @param hypothesis The null hypothesis as a clause: `the two samples have the same mean`. */
export function decision(pValue: number, alpha: number, hypothesis: string): string {
  if (Number.isNaN(pValue)) return `No decision: the p-value is not defined. Null hypothesis: ${hypothesis}.`;
  return pValue < alpha
    ? `Reject the null hypothesis that ${hypothesis}.`
    : `Fail to reject the null hypothesis that ${hypothesis}.`;
}
