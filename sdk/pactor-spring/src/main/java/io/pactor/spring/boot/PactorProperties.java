package io.pactor.spring.boot;

import io.pactor.spring.participant.BarrierSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code pactor.*}.
 *
 * @param mode           where the coordinator runs: elsewhere, at the url, or embedded in this
 *                       application, which needs io.pactor:pactor
 * @param url            where coordinators are, as in {@code http://pactor:8080}; several are tried
 *                       in turn
 * @param tokenFile      the file with the token of this application; it is read again when it
 *                       changes
 * @param oauth2         with what tokens of an authorization server are fetched, in place of a
 *                       token file
 * @param tls            the certificates of this application and of who may vouch for coordinators
 * @param connectTimeout how long a connection to a coordinator may take; 2 s by default
 * @param requestTimeout how long one coordinator may take to answer, until the next one is tried;
 *                       10 s by default
 * @param timeout        how long a call that names no time of its own may take, repeats included;
 *                       30 s by default
 * @param contextHeaders whether calls to other services carry the gid, branch and operation for
 *                       which they are made, in headers
 * @param participant    of the methods that the coordinator calls
 * @param embedded       of the coordinator that is embedded in this application
 */
@ConfigurationProperties("pactor")
public record PactorProperties(
        @DefaultValue("url") Mode mode,
        @DefaultValue("http://127.0.0.1:8080") List<String> url,
        Path tokenFile,
        OAuth2 oauth2,
        Tls tls,
        Duration connectTimeout,
        Duration requestTimeout,
        Duration timeout,
        @DefaultValue("true") boolean contextHeaders,
        @DefaultValue Participant participant,
        @DefaultValue Embedded embedded) {

    /** Where the coordinator runs. */
    public enum Mode {

        /** Elsewhere, at the url. */
        URL,

        /** In this application. */
        EMBEDDED
    }

    /**
     * With what tokens of an authorization server are fetched (client credentials).
     *
     * @param tokenUrl   of the server
     * @param clientId   under which it knows this application
     * @param secretFile the file with the secret; it is read at each fetch
     * @param scope      what to ask for; the server decides by default
     * @param audience   for whom, which some servers want to know
     * @param inBody     whether id and secret are sent in the body, and not in a header
     */
    public record OAuth2(
            String tokenUrl,
            String clientId,
            Path secretFile,
            @DefaultValue List<String> scope,
            @DefaultValue("") String audience,
            @DefaultValue("false") boolean inBody) {}

    /**
     * PEM files for https urls of coordinators; new ones count for new connections.
     *
     * @param certificate that coordinators are shown if they ask for one
     * @param key         of that certificate, PKCS #8 without a password
     * @param authorities who may vouch for coordinators; those that the JVM trusts by default
     */
    public record Tls(Path certificate, Path key, Path authorities) {}

    /**
     * Of the coordinator that is embedded in this application.
     *
     * @param dataDir  where it keeps its H2 file, unless there is a jdbc-url; one process at a time
     * @param jdbcUrl  the database in which it keeps its tables, PostgreSQL, MariaDB or MySQL; all
     *                 instances of the application with the same one form a cluster
     * @param user     of that database
     * @param password of that user
     * @param host     the address at which the other instances reach this one; that of the machine
     *                 by default
     * @param port     the port for the other instances; chosen by the operating system by default
     * @param settings further settings of the coordinator by their keys without pactor, as in
     *                 transaction.retry-interval
     */
    public record Embedded(
            @DefaultValue("pactor-data") String dataDir,
            @DefaultValue("") String jdbcUrl,
            @DefaultValue("") String user,
            @DefaultValue("") String password,
            @DefaultValue("") String host,
            @DefaultValue("0") int port,
            @DefaultValue Map<String, String> settings) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Embedded[dataDir=" + dataDir + ", host=" + host + ", port=" + port + "]";
        }
    }

    /**
     * Of the methods that the coordinator calls.
     *
     * @param baseUrl          where the coordinator reaches this application, as in
     *                         {@code http://orders:8080}; needed for XA, messages and workflows
     * @param table            the barrier's table; replies are in the one beside it, named with
     *                         {@code _reply}
     * @param initializeSchema when the application makes both at its start: never, in an embedded
     *                         database only (not if it has Flyway or Liquibase), or always
     * @param verifySignatures whether calls need the signature of a coordinator
     * @param reachedAt        where coordinators reach this application, as the urls that they call
     *                         begin, or * for anywhere; the base-url by default
     * @param unsignedModes    of tcc, xa and workflow, those of which the calls that applications
     *                         make themselves need no signature
     * @param signingKeys      the file with the keys of the coordinators, as pactor key show prints
     *                         them; by default they are read from the coordinators
     */
    public record Participant(
            @DefaultValue("") String baseUrl,
            @DefaultValue(BarrierSettings.DEFAULT_TABLE) String table,
            @DefaultValue("embedded") BarrierSettings.SchemaMode initializeSchema,
            boolean verifySignatures,
            @DefaultValue List<String> reachedAt,
            @DefaultValue List<String> unsignedModes,
            Path signingKeys) {}
}
