import { Injectable } from '@nestjs/common';

/** Every period of the gateway, in one place, so that a test need not wait for a minute to pass. */
@Injectable()
export class StreamTimings {
  /** From the handshake to `connected`; past it the client is asked to come again. */
  readonly admissionMs: number = 5_000;
  /** How often all streams compare themselves with the log: messages of the bus can get lost. */
  readonly reconcileMs: number = 5_000;
  /** A client that left one ping unanswered when the next is due is gone. */
  readonly pingMs: number = 30_000;
  /** How often each token is verified again. A demotion or a logout has to end streams within 30 s. */
  readonly recheckMs: number = 25_000;
  /** How long a replay waits for its client to read. */
  readonly stallMs: number = 10_000;
  /** How long a client may take to answer a close frame before the connection is cut. */
  readonly closeMs: number = 5_000;
  /** How long clients may take to answer the goodbye of a stopping server. */
  readonly goodbyeMs: number = 1_000;
}
