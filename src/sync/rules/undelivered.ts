/** When ids that a peer names and does not deliver are hard evidence (S9.2 E4): one measure for lists and for serves. */

const MANY = 20
const SHARE = 0.05

/** At least so many, and more than a twentieth of the `count` ids that there were to be had. */
export function isMany(undelivered: number, count: number): boolean {
  return undelivered >= MANY && undelivered > SHARE * count
}
