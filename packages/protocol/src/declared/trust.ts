import { z } from 'zod';
import { flag, text } from '../wire/query.ts';

/** A key or certificate by which a server is known (reference §8.2). */
export const certificateSchema = z.object({
  serverName: z.string(),
  /** `ssh` or `https`. */
  certType: z.string(),
  /** Of ssh the kind of key, of https the kind of the certificate's key. */
  certSubType: z.string(),
  /** Base64; only in what clients send. Of ssh the text of the key, of https PEM. */
  certData: z.string().optional(),
  /** Fingerprint of an ssh key, subject of a certificate. */
  certInfo: z.string().optional(),
});
export type Certificate = z.output<typeof certificateSchema>;

export const certificateInputSchema = z.object({
  items: z
    .array(
      z.object({
        serverName: z.string().max(4_096),
        certType: z.enum(['ssh', 'https']),
        certSubType: z.string().max(100).default(''),
        certData: z.string().max(200_000).default(''),
      }),
    )
    .nullish()
    .transform((items) => items ?? []),
});
export type CertificateInput = z.output<typeof certificateInputSchema>['items'][number];

export const certificateListSchema = z.object({ metadata: z.object({}), items: z.array(certificateSchema) });

/** `hostNamePattern` is a glob; what is not given fits everything. */
export const certificateQuerySchema = z.object({
  hostNamePattern: text.optional(),
  certType: text.optional(),
  certSubType: text.optional(),
});
export type CertificateQuery = z.output<typeof certificateQuerySchema>;
export const certificateCreateQuerySchema = z.object({ upsert: flag.default(false) });

/** A public key that signatures are verified with. */
export const gpgKeySchema = z.object({
  keyID: z.string(),
  fingerprint: z.string(),
  owner: z.string(),
  trust: z.string(),
  subType: z.string(),
  /** Armored. */
  keyData: z.string(),
});
export type GpgKey = z.output<typeof gpgKeySchema>;
export const gpgKeyListSchema = z.object({ metadata: z.object({}), items: z.array(gpgKeySchema) });
export const gpgKeyQuerySchema = z.object({ keyID: text.optional() });

/** Armored text of one public key or several; what else Argo CD's clients send of a key is worked out from it. */
export const gpgKeyInputSchema = z.object({ keyData: z.string().max(1_000_000).default('') });
export const gpgKeyCreateQuerySchema = z.object({ upsert: flag.default(false) });
/** `skipped`: ids of keys that were there already. */
export const gpgKeysCreatedSchema = z.object({ created: gpgKeyListSchema, skipped: z.array(z.string()) });
export const gpgKeyDeleteQuerySchema = z.object({ keyID: z.string().min(1).max(100) });
