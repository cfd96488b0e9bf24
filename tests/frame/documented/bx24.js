BX24.callMethod(
    "event.offline.get",
    {
        "filter": {
            "=MESSAGE_ID": 1,
            "=EVENT_NAME": "ONCRMLEADADD",
            ">=ID": 1
        }
    },
    function(result)
    {
        if(result.error())
            console.error(result.error());
        else
            console.dir(result.data());
    }
);
