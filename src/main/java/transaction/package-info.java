/**
 * The rules of a global transaction: plain functions over records, with nothing but the JDK.
 *
 * <p>A {@link transaction.Command} yields {@link transaction.Event}s, events change the
 * {@link transaction.GlobalTransaction}, and what to do next is read off that state by its
 * {@link transaction.Mode}. {@link transaction.Decider} does it all in one step and returns a
 * {@link transaction.Decision}: what to write, what to answer, what to call, when to look again.
 * A restart, a timer and an answer all go on by the same function.
 *
 * <pre>
 *                 +------------- abort, time-out -------------+
 *                 |                                           v
 *   (new) --> prepared --submit--> submitted --FAILURE--> aborting --> failed
 *      \__________________________^    |                               ^
 *              submit                  +--> succeed                    |
 *                 prepared message or workflow, or any force-stopped --+
 * </pre>
 *
 * <p>A workflow goes from prepared to succeed or failed as its initiator says. All ways, with what
 * leads along them, are in {@code docs/states.md}, which the tests write and compare.
 *
 * <p>The interfaces here are ports: {@link transaction.Coordinator} is offered to the facades;
 * {@link transaction.BranchInvoker}, {@link transaction.TransactionIndex},
 * {@link transaction.Topics} and {@link transaction.Alerts} are needed from the adapters.
 */
package transaction;
