package egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import http.MemoryCoordinator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.BranchRegistration;
import transaction.Bytes;
import transaction.Command;
import transaction.Coordinator;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** What is known from a url alone is told whoever gave it, before anything is written. */
@DisplayName("J-01: urls that may not be called are refused when they come in")
class RefusedUrlsTest {

    private static final Bytes PAYLOAD = Bytes.utf8("{\"amount\":1}");

    /** Where a client may give a url. */
    private enum Entrance {
        SAGA_ACTION {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return submit(to, saga(url, "", protocol));
            }
        },
        SAGA_COMPENSATE {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return submit(to, saga("", url, protocol));
            }
        },
        MSG_DELIVERY {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return prepare(to, msg(url, "", protocol));
            }
        },
        MSG_CHECK_BACK {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return prepare(to, msg("", url, protocol));
            }
        },
        TCC_CONFIRM {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return join(to, Mode.TCC, protocol, Map.of("confirm", url, "cancel", ""));
            }
        },
        TCC_CANCEL {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return join(to, Mode.TCC, protocol, Map.of("confirm", "", "cancel", url));
            }
        },
        XA_BRANCH {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return join(to, Mode.XA, protocol, Map.of("url", url));
            }
        },
        WORKFLOW_CALL_BACK {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return answer(to, new Command.PrepareWorkflow(new Submission(GID, Mode.WORKFLOW,
                    List.of(), url, protocol, "{}", new Details.Named("w", PAYLOAD),
                    Options.NONE)));
            }
        },
        TOPIC {
            @Override
            Reply reply(Coordinator to, String url, Protocol protocol) {
                return to.topics().subscribe("orders", url, "").toCompletableFuture().join();
            }
        };

        static final String GID = "g";

        abstract Reply reply(Coordinator to, String url, Protocol protocol);

        private static Submission saga(String action, String undo, Protocol protocol) {
            return new Submission(GID, Mode.SAGA,
                List.of(new Submission.Step(action, undo, PAYLOAD)), "", protocol, "",
                Details.PLAIN, Options.NONE);
        }

        private static Submission msg(String action, String query, Protocol protocol) {
            return new Submission(GID, Mode.MSG,
                List.of(new Submission.Step(action, "", PAYLOAD)), query, protocol, "",
                Details.PLAIN, Options.NONE);
        }

        private static Reply submit(Coordinator to, Submission asked) {
            return answer(to, new Command.Submit(asked));
        }

        private static Reply prepare(Coordinator to, Submission asked) {
            return answer(to, new Command.Prepare(asked));
        }

        private static Reply join(
                Coordinator to, Mode mode, Protocol protocol, Map<String, String> fields) {
            answer(to, new Command.Prepare(new Submission(GID, mode, List.of(), "", protocol, "",
                Details.PLAIN, Options.NONE)));
            return answer(to, new Command.JoinBranch(
                new BranchRegistration(GID, mode, "01", fields, Bytes.EMPTY)));
        }

        private static Reply answer(Coordinator to, Command command) {
            return to.send(GID, command).toCompletableFuture().join();
        }
    }

    static List<UrlTable.Row> rows() {
        return UrlTable.rows();
    }

    @Test
    void theTableIsLongEnough() {
        assertTrue(rows().size() >= 120, rows().size() + " rows");
        assertEquals(rows().size(), rows().stream().map(UrlTable.Row::url).distinct().count());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void whoeverGivesItIsToldTheSame(UrlTable.Row row) {
        for (boolean isProduction : new boolean[] {false, true}) {
            boolean isRefused = row.in(isProduction).equals("400");
            for (Protocol protocol : row.isGrpc() ? List.of(Protocol.GRPC)
                    : List.of(Protocol.HTTP, Protocol.JSON_RPC, Protocol.GRPC)) {
                String url = protocol == Protocol.JSON_RPC ? row.url() + "?method=pay" : row.url();
                for (Entrance entrance : Entrance.values()) {
                    MemoryCoordinator memory = new MemoryCoordinator();
                    Reply reply = entrance.reply(new GuardedCoordinator(
                        memory, UrlTable.guard(isProduction)), url, protocol);
                    String where = entrance + " " + protocol + " " + isProduction + ": " + reply;

                    assertEquals(isRefused, reply instanceof Reply.Invalid, where);
                    if (isRefused) {
                        assertTrue(((Reply.Invalid) reply).reason().contains("may not be called"),
                            where);
                        assertEquals(0, memory.calls().size(), where);
                    }
                }
            }
        }
    }

    @Test
    void whatIsOnRecordIsNotJudgedAgain() {
        MemoryCoordinator memory = new MemoryCoordinator();
        Submission asked = Entrance.saga("http://127.0.0.1:9000/a", "", Protocol.HTTP);
        Coordinator before = new GuardedCoordinator(memory, UrlTable.guard(false));
        Coordinator after = new GuardedCoordinator(memory, UrlTable.guard(true));
        assertInstanceOf(Reply.Done.class, Entrance.prepare(before, asked));

        assertInstanceOf(Reply.Found.class, after.find("g").toCompletableFuture().join());
        assertInstanceOf(Reply.Done.class,
            Entrance.answer(after, new Command.ForceStop("g")));
    }

    @Test
    void eachUrlOfARequestIsAsked() {
        Submission asked = new Submission("g", Mode.SAGA, Stream.of("http://8.8.8.8/",
                "http://169.254.169.254/").map(url -> new Submission.Step(url, "", PAYLOAD))
            .toList(), "", Protocol.HTTP, "", Details.PLAIN, Options.NONE);

        Reply reply = Entrance.submit(
            new GuardedCoordinator(new MemoryCoordinator(), UrlTable.guard(false)), asked);

        assertEquals("step 2: the url to action may not be called: 169.254.169.254:80 is"
            + " link-local, which is never called", ((Reply.Invalid) reply).reason());
    }
}
