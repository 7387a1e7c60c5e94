/** A sign-in that is refused for good, with a message for people. Any other error passes. */
export class Over extends Error {}
