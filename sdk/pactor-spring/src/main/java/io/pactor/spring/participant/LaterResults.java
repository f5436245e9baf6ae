package io.pactor.spring.participant;

import java.util.List;
import org.springframework.util.ClassUtils;

/** Results that are there only after the method that returned them has ended. */
public final class LaterResults {

    /** By name, since most applications have but a few of them on their class path. */
    private static final List<String> NAMES = List.of(
        "java.util.concurrent.Future", "java.util.concurrent.CompletionStage",
        "java.util.concurrent.Callable", "java.util.stream.BaseStream",
        "org.reactivestreams.Publisher", "java.util.concurrent.Flow$Publisher",
        "org.springframework.core.io.InputStreamSource",
        "org.springframework.web.context.request.async.DeferredResult",
        "org.springframework.web.context.request.async.WebAsyncTask",
        "org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter",
        "org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody");

    private LaterResults() {}

    /** Whether a method that returns {@code type} may end before its work does. */
    public static boolean isLater(Class<?> type) {
        ClassLoader loader = LaterResults.class.getClassLoader();
        return NAMES.stream().anyMatch(name -> ClassUtils.isPresent(name, loader)
            && ClassUtils.resolveClassName(name, loader).isAssignableFrom(type));
    }
}
