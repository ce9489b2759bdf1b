import { createServer } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';
import express, { type Express } from 'express';

/**
 * Express on a server whose time limits hold from the first byte: with Node's own, slow headers live for 91 s and a
 * slow body for over 100 s.
 */
export class HttpAdapter extends ExpressAdapter {
  constructor() {
    super(express());
  }

  override initHttpServer(): void {
    this.setHttpServer(
      createServer(
        {
          headersTimeout: 5_000,
          requestTimeout: 60_000,
          keepAliveTimeout: 65_000,
          connectionsCheckingInterval: 1_000,
          maxHeaderSize: 16 * 1024,
        },
        this.getInstance<Express>(),
      ),
    );
  }
}
