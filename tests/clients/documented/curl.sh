curl -X POST \
-H "Content-Type: application/json" \
-H "Accept: application/json" \
-d '{
    "filter": {
        "=MESSAGE_ID": 1,
        "=EVENT_NAME": "ONCRMLEADADD",
        ">=ID": 1
    },
    "auth": "**put_access_token_here**"
}' \
https://**put_your_bitrix24_address**/rest/event.offline.get
