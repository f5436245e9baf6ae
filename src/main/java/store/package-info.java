/**
 * Bytes and tables at rest. {@link store.Database} is opened first and installed in {@link
 * store.Stores}; Pekko then finds the journal ({@link store.JournalDao}) by its configuration, and
 * {@link store.TransactionTable} and {@link store.TopicTable} serve the ports of the rules.
 *
 * <p>An entry of the journal and the row of the index that it changes are always one database
 * transaction; many of these are one commit ({@code JournalWriter}). What is read back is checked
 * on the way ({@code Replay}).
 */
package store;
