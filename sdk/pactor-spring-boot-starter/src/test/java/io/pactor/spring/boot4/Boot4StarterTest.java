package io.pactor.spring.boot4;

import io.pactor.spring.contract.StarterContract;

class Boot4StarterTest extends StarterContract {

    @Override
    protected String springBoot() {
        return "4.0.";
    }
}
