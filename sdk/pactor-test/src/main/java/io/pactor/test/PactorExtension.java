package io.pactor.test;

import io.pactor.client.Pactor;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Hands a test, by parameters, a {@link Pactor} client, the {@link TestCoordinator} that it is
 * connected to, and a {@link ScriptedParticipant}.
 *
 * <p>All tests of a JVM share them. They are started for the first, emptied before each, and closed
 * after the last; so tests that use them must not run at the same time.
 */
public final class PactorExtension implements BeforeEachCallback, ParameterResolver {

    private static final Map<Class<?>, Function<Shared, Object>> GIVEN = Map.of(
        Pactor.class, shared -> shared.pactor,
        TestCoordinator.class, shared -> shared.coordinator,
        ScriptedParticipant.class, shared -> shared.participant);

    @Override
    public void beforeEach(ExtensionContext context) {
        Shared shared = shared(context);
        shared.coordinator.clear();
        shared.participant.reset();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.containsKey(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return GIVEN.get(parameter.getParameter().getType()).apply(shared(context));
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot().getStore(ExtensionContext.Namespace.create(PactorExtension.class))
            .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
    }

    /** JUnit closes it, as an {@link AutoCloseable} since 5.13, or as its own before. */
    @SuppressWarnings("deprecation")
    private static final class Shared
            implements AutoCloseable, ExtensionContext.Store.CloseableResource {

        private final TestCoordinator coordinator = TestCoordinator.start();
        private final ScriptedParticipant participant = ScriptedParticipant.start();
        private final Pactor pactor = Pactor.connect(coordinator.url());

        @Override
        public void close() {
            pactor.close();
            participant.close();
            coordinator.close();
        }
    }
}
