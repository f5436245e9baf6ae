package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.Pactor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What an application is told whose coordinator cannot be inside it. */
class EmbeddedStartTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(
            EmbeddedAutoConfiguration.class, PactorAutoConfiguration.class));

    @Test
    void it_is_not_inside_unless_it_is_asked_for() {
        runner.run(context -> assertThat(context).hasSingleBean(Pactor.class)
            .doesNotHaveBean(EmbeddedCoordinator.class));
    }

    @Test
    void without_the_library_the_dependency_is_named() {
        runner.withClassLoader(new FilteredClassLoader("pactor."))
            .withPropertyValues("pactor.mode=embedded")
            .run(context -> assertThat(analysis(context.getStartupFailure()).getAction())
                .contains("io.pactor:pactor").contains("pactor.mode=url"));
    }

    /** This module has the library alone, without what it needs. */
    @Test
    void libraries_that_do_not_fit_are_told_with_the_remedy() {
        runner.withPropertyValues("pactor.mode=embedded")
            .run(context -> {
                FailureAnalysis analysis = analysis(context.getStartupFailure());
                assertThat(analysis.getDescription()).contains("com/typesafe/config");
                assertThat(analysis.getAction()).contains("netty.version");
            });
    }

    private static FailureAnalysis analysis(Throwable failure) {
        assertThat(failure).isNotNull();
        return new EmbeddedFailureAnalyzer().analyze(failure);
    }
}
