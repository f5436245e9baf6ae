/**
 * The HTTP facade: DTM's wire protocol over the {@link transaction.Coordinator}.
 *
 * <p>A request comes in through {@link http.HttpServer} and {@link http.Router}, which finds its
 * {@link http.Route} in one of the tables ({@link http.ApiRoutes}, {@link http.JsonRpcRoute},
 * {@link http.OpsRoutes}). Bytes become commands in the {@code Wire...} types, which alone know how
 * DTM names its fields; a {@link transaction.Reply} becomes a status and a body in
 * {@link http.HttpAnswer}, and nowhere else.
 *
 * <p>Nothing here blocks a thread, and nothing is derived from a stage without naming the executor
 * that runs it.
 */
package http;
