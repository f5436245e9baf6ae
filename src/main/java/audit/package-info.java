/**
 * Who did what to others' transactions and to the server. An {@link audit.Act} becomes an {@link
 * audit.Row} of a chain, each of which seals the one before; {@link audit.Audit} sees to it that a
 * row is durable before what it tells of is carried out, and {@link audit.Verification} finds out
 * whether a row was removed, changed, moved or added behind the server's back.
 */
package audit;
