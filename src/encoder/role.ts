/** What a text is encoded as: some models treat the two differently. */
export type Role = 'query' | 'document';
