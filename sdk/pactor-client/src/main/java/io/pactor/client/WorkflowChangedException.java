package io.pactor.client;

/**
 * The code of a workflow does not fit what is on record: it was changed while the workflow was
 * under way, its steps depend on something else than input and results, or one name stands for two
 * steps.
 * Nothing more is done, and nothing is decided: run it again with code that fits, or have an
 * operator stop it.
 */
public final class WorkflowChangedException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    WorkflowChangedException(String message) {
        super(message);
    }
}
