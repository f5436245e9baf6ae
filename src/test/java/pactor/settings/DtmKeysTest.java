package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DtmKeysTest {

    @TempDir
    private Path dir;

    @ParameterizedTest(name = "{0} or {1} = {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
HttpPort          | HTTP_PORT           | 36789    | http.port                   | 36789
        GrpcPort          | GRPC_PORT           | 36791    | grpc.port                   | 36791
        RetryInterval     | RETRY_INTERVAL      | 3        | transaction.retry-interval  | 3 s
        TimeoutToFail     | TIMEOUT_TO_FAIL     | 40       | transaction.timeout-to-fail | 40 s
        RequestTimeout    | REQUEST_TIMEOUT     | 5        | transaction.request-timeout | 5 s
        TransCronInterval | TRANS_CRON_INTERVAL | 3        | waker.interval              | 3 s
        LogLevel          | LOG_LEVEL           | debug    | log.level                   | debug
        AlertRetryLimit   | ALERT_RETRY_LIMIT   | 5        | alert.attempts              | 5
        AlertWebHook      | ALERT_WEB_HOOK      | http://h | alert.web-hook              | "***"
        Store.DataExpire  | STORE_DATA_EXPIRE   | 604800   | retention.refuse            | 604800 s
        Store.FinishedDataExpire | STORE_FINISHED_DATA_EXPIRE | 86400 | retention.keep   | 86400 s
        Store.User        | STORE_USER          | me       | store.user                  | me
        Store.Password    | STORE_PASSWORD      | secret   | store.password              | "***"
        Store.Host        | STORE_HOST          | db       | store.host                  | db
        Store.Port        | STORE_PORT          | 3307     | store.port                  | 3307
        Store.Db          | STORE_DB            | other    | store.database              | other
        Store.Schema      | STORE_SCHEMA        | public   | store.schema                | public
        Store.Driver      | STORE_DRIVER        | mysql    | store.driver                | mysql
        """)
    void aKeyIsTakenFromTheFileAndFromTheEnvironment(String name, String variable, String value,
            String below, String effective) throws IOException {
        String key = "pactor." + below;
        Effective fromFile = read(name + ": " + value, Map.of());
        Effective fromEnvironment = read("", Map.of(variable, value));

        assertEquals(effective, fromFile.value(key));
        assertEquals(effective, fromEnvironment.value(key));
        assertEquals("env " + variable, fromEnvironment.source(key));
        assertTrue(fromFile.warnings().isEmpty(), fromFile.warnings().toString());
    }

    @ParameterizedTest(name = "{0} = {2} warns: {3}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        Store.MaxOpenConns            | STORE_MAX_OPEN_CONNS              | 500       | false
        Store.MaxIdleConns            | STORE_MAX_IDLE_CONNS              | 20        | true
        Store.ConnMaxLifeTime         | STORE_CONN_MAX_LIFE_TIME          | 5         | false
        Store.TransGlobalTable        | STORE_TRANS_GLOBAL_TABLE          | t         | true
        Store.TransBranchOpTable      | STORE_TRANS_BRANCH_OP_TABLE       | t         | true
        Store.RedisPrefix             | STORE_REDIS_PREFIX                | p         | true
        JsonRpcPort                   | JSON_RPC_PORT                     | 36791     | false
        MicroService.Driver           | MICRO_SERVICE_DRIVER              | default   | false
        MicroService.Target           | MICRO_SERVICE_TARGET              | etcd://h  | true
        MicroService.EndPoint         | MICRO_SERVICE_END_POINT           | h:1       | true
        HttpMicroService.Driver       | HTTP_MICRO_SERVICE_DRIVER         | default   | false
        HttpMicroService.EndPoint     | HTTP_MICRO_SERVICE_END_POINT      | h:1       | true
        UpdateBranchSync              | UPDATE_BRANCH_SYNC                | 0         | true
        UpdateBranchSync              | UPDATE_BRANCH_SYNC                | 1         | false
        UpdateBranchAsyncGoroutineNum | UPDATE_BRANCH_ASYNC_GOROUTINE_NUM | 1         | false
        Log.Outputs                   | LOG_OUTPUTS                       | stderr    | false
        Log.RotationEnable            | LOG_ROTATION_ENABLE               | 1         | true
        Log.RotationConfigJSON        | LOG_ROTATION_CONFIG_JSON          | "{}"      | false
        ConfigUpdateInterval          | CONFIG_UPDATE_INTERVAL            | 10        | false
        TimeZoneOffset                | TIME_ZONE_OFFSET                  | +8        | true
        AdminBasePath                 | ADMIN_BASE_PATH                   | /dtm      | true
        GrpcServiceConfig             | GRPC_SERVICE_CONFIG               | x         | true
        GrpcBalancer                  | GRPC_BALANCER                     | x         | true
        """)
    void aKeyWithoutMeaningIsNamedIfItAsksForSomething(
            String name, String variable, String value, boolean warns) throws IOException {
        Effective fromFile = read(name + ": " + value, Map.of());
        Effective fromEnvironment =
            read("", Map.of(variable, value.replace("\"", "")));

        assertEquals(warns ? 1 : 0, fromFile.warnings().size());
        assertEquals(warns ? 1 : 0, fromEnvironment.warnings().size());
        if (warns) {
            assertTrue(fromFile.warnings().get(0).contains(" " + name + " is ignored: "));
            assertTrue(fromEnvironment.warnings().get(0)
                .startsWith("env " + variable + " is ignored: "));
        }
    }

    @ParameterizedTest(name = "Store.Driver = {0}")
    @CsvSource(delimiter = '|', textBlock = """
        boltdb    | Pactor's is h2
        redis     | it must be h2, mysql or postgres
        sqlserver | it must be h2, mysql or postgres
        H2        | it must be h2, mysql or postgres
        """)
    void anotherDatabaseIsRefused(String driver, String because) {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> read("Store: {Driver: " + driver + "}", Map.of()));

        assertTrue(refused.getMessage().contains(because), refused.getMessage());
    }

    @Test
    void theEmbeddedDatabaseMayBeNamed() throws IOException {
        assertTrue(read("Store: {Driver: h2}", Map.of("STORE_DRIVER", "h2")).warnings().isEmpty());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        Driver: mysql                                     | jdbc:mariadb://localhost/dtm
        Driver: mysql, Host: db, Port: 3307, Db: d        | jdbc:mariadb://db:3307/d
        Driver: postgres, Host: db                        | jdbc:postgresql://db/dtm
        Driver: postgres, Host: '::1', Port: 1, Db: d     | jdbc:postgresql://[::1]:1/d
        Driver: postgres, Db: d, Schema: a b | jdbc:postgresql://localhost/d?currentSchema=a+b
        Driver: h2, Host: db                              | ""
        """)
    void aServerIsNamedInPieces(String keys, String url) throws IOException {
        assertEquals(url, read("Store: {" + keys + "}", Map.of()).settings().store().url()
            .reveal());
    }

    @Test
    void insideAContainerLocalhostMeansTheHost() throws IOException {
        assertTrue(read("", Map.of("IS_DOCKER", "1")).settings().calls().isDocker());
    }

    @Test
    void eachKeyIsNamedOnce() {
        assertEquals(DtmKeys.ALL.size(), DtmKeys.names().size());
        for (DtmKeys.Key key : DtmKeys.ALL) {
            assertEquals(Optional.of(key), DtmKeys.ofVariable(key.variable()));
            assertTrue(key.target().isEmpty() || SettingKeys.onClassPath().isKnown(key.target()));
            assertEquals(key.use() == DtmKeys.Use.IGNORED, !key.because().isEmpty());
        }
    }

    private Effective read(String yaml, Map<String, String> environment) throws IOException {
        return Effective.of(new Inputs(List.of(), Map.of(), environment,
            Optional.of(Files.writeString(dir.resolve("config.yaml"), yaml))));
    }
}
