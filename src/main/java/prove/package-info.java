/**
 * {@code pactor prove}: plays the coordinator against one running participant, and tells in words
 * what breaks.
 *
 * <p>A {@link prove.Prover} runs a list of {@link prove.Check checks} one after another. Each has a
 * {@link prove.Trial} of its own: fresh gids, calls that are written down as steps, the state of
 * the participant before and after. What a check did, it undoes. The calls are those of the
 * coordinator, and its rule reads the answers ({@link branch.PlainHttp}).
 */
package prove;
